// `hubfn doctor`: looks whether hub-functions can be installed on a cluster, says what to do first, and changes nothing.
import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { checkoutRoot } from '../checkout';
import { clusterOptions, clusterUsage, isJson, openCluster } from '../cluster';
import { usageError, type Command, type Terminal } from '../command';
import { PLATFORMS, type Platform } from './facts';
import { readInstallation } from './installation';
import { judge } from './judge';
import { observe } from './observe';
import { reportText } from './report';

/** As deploy/openfaas and stack.yml have it: where the things live that functions start, apart from the functions. */
const USUAL_OF_OPENFAAS = 'jhub';
const FUNCTIONS_OF_OPENFAAS = 'openfaas-fn';

export const doctor: Command = {
  name: 'doctor',
  summary: 'look whether a cluster is ready for the installation',
  usage: `[options]
      --platform NAME      knative, openfaas or deployment (neither); default: knative
      --json               answers for programs
      --functions-namespace NAME  where OpenFaaS keeps functions (default: openfaas-fn); with it
                           --namespace is where the things live that functions start (default: jhub)
${clusterUsage}

Changes nothing. Exits with 1 when something must be put right before.`,
  run: runDoctor,
};

async function runDoctor(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...clusterOptions,
      platform: { type: 'string', default: 'knative' },
      json: { type: 'boolean', default: false },
      'functions-namespace': { type: 'string', default: FUNCTIONS_OF_OPENFAAS },
    },
  });
  const asJson = isJson(values.output) || values.json;
  const platform = parsePlatform(values.platform);
  const manifests = await readInstallation(platform, checkoutRoot());
  const usual = platform === 'openfaas' ? { namespace: USUAL_OF_OPENFAAS } : {};
  const { look, namespace, call } = await openCluster({ ...usual, ...values }, terminal);
  const functionsNamespace = platform === 'openfaas' ? values['functions-namespace'] : namespace;
  const { clock } = terminal;
  // All questions are asked at once, and each waits for the end of the same time.
  setMaxListeners(0, call.signal);
  const findings = judge(await observe({ platform, namespace, functionsNamespace, manifests }, { look, call, clock }));
  terminal.write(asJson ? `${JSON.stringify({ platform, namespace, findings })}\n` : reportText(findings));
  return findings.some(({ outcome }) => outcome === 'fail') ? 1 : 0;
}

function parsePlatform(text: string): Platform {
  const platform = PLATFORMS.find((name) => name === text);
  if (platform === undefined) throw usageError(`--platform is ${PLATFORMS.join(', ')}, not ${text}`);
  return platform;
}
