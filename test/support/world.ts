// Everything a contract test needs: a cluster, the files of a deployment, and one or more running functions.
import { startFunction, type FunctionEnvironment, type FunctionProcess } from './functionProcess';
import { WEB_SERVICE } from './credentialFiles';
import { hubOf, type Hub } from './hub';
import { mainDeployment, yaml } from './manifests';
import { openCluster, type TestCluster } from './testCluster';
import { createWorkspace, type Config, type Workspace } from './workspace';

export interface World {
  readonly cluster: TestCluster;
  readonly workspace: Workspace;
  readonly services: FunctionProcess;
  /** Of credential `hub-a`. */
  readonly hub: Hub;
  readonly hubOf: (credential: string, services?: FunctionProcess) => Hub;
  /** One more instance of the function, with another environment if wanted. */
  readonly addServices: (environment?: FunctionEnvironment) => Promise<FunctionProcess>;
  /** Another function with the same files and the same cluster. */
  readonly addFunction: (name: string, environment?: FunctionEnvironment) => Promise<FunctionProcess>;
  readonly close: () => Promise<void>;
}

export interface WorldOptions {
  readonly config?: Config;
  readonly environment?: FunctionEnvironment;
}

/** Seconds instead of minutes until a trouble counts as final. */
const IMPATIENT = {
  imageGraceSeconds: 2,
  registryGraceSeconds: 2,
  configGraceSeconds: 2,
  placementGraceSeconds: 2,
  quotaGraceSeconds: 2,
  deletedGraceSeconds: 1,
  crashLimit: 2,
};

export async function createWorld({ config = {}, environment = {} }: WorldOptions = {}): Promise<World> {
  const cluster = await openCluster();
  const workspace = createWorkspace(cluster.volume);
  const start = cluster.startFunction ?? startFunction;
  const running: FunctionProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map(async ({ stop }) => stop()));
    await cluster.close();
    workspace.remove();
  };
  const { services = {}, ...rest } = config;
  const settings = { status_policy: IMPATIENT, ...services, descriptions: workspace.descriptions };
  const common = {
    ...cluster.environment,
    CONFIG_PATH: workspace.config({ userhomes: { mode: 'none' }, ...rest, services: settings }),
    CREDENTIALS_DIR: workspace.credentials,
    DEPLOYMENT_NAMESPACE: cluster.namespace,
    LOG_LEVEL: 'debug',
    ...environment,
  };
  const addFunction: World['addFunction'] = async (name, own = {}) => {
    const process = await start(name, { ...common, ...own });
    running.push(process);
    return process;
  };
  const addServices: World['addServices'] = async (own) => addFunction('services', own);
  try {
    furnish(workspace);
    const first = await addServices();
    return {
      cluster,
      workspace,
      services: first,
      hub: hubOf(first),
      hubOf: (credential, instance = first) => hubOf(instance, credential),
      addServices,
      addFunction,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Two hubs, and one description that runs until it is stopped. */
function furnish(workspace: Workspace): void {
  for (const hub of ['hub-a', 'hub-b']) {
    workspace.setCredential(hub, { groups: [WEB_SERVICE] });
    workspace.describe('sleeper', { 'service.yaml': yaml(mainDeployment()) }, hub);
  }
}
