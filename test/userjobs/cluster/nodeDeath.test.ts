// The node of a tunnel dies: it comes back on another one, and nothing leads to the dead one any more.
import { eventually, untilEmpty } from '../../support/eventually';
import { addSecondNode, withFirstNodeClosed, type SecondNode } from '../../support/userjobs/secondNode';
import { createUserJobs, TUNNEL_IMAGE, type UserJobs } from '../../support/userjobs/userJobs';
import { untilServed, visit } from '../../support/userjobs/visits';
import { startWebServer, type WebServer } from '../../support/userjobs/webServer';

jest.setTimeout(400_000);

const PAGE = 'hello from another system';
const TUNNEL = 'hub-functions/role=tunnel';
/** Kubernetes sees a dead node after 50 s, and a tunnel waits 30 s more for it; then it is started anew. */
const BACK_WITHIN_S = 120;

let userJobs: UserJobs;
let web: WebServer;
let node: SecondNode;

beforeAll(async () => {
  web = await startWebServer(PAGE);
  node = await addSecondNode([TUNNEL_IMAGE]);
  userJobs = await createUserJobs();
  await userJobs.world.hub.start('lab1');
});

afterAll(async () => {
  await userJobs?.close();
  await node?.close();
  web?.close();
});

it('a tunnel comes back on another node when its own died, and each connection is served there', async () => {
  const { create, status, until, world } = userJobs;
  const { kube } = world.cluster;
  const placed = async (): Promise<readonly string[]> =>
    (await kube.list('pods', TUNNEL)).map((pod) => (pod['spec'] as { readonly nodeName?: string }).nodeName ?? '');
  const request = { service: 'lab1', hostname: 'system', target_node: 'localhost', ports: { '8080': web.port } };
  await withFirstNodeClosed(async () => {
    expect((await create(request)).status).toBe(201);
    expect(await untilServed(kube, 'lab1', 8080)).toBe(PAGE);
  });
  expect(await placed()).toEqual([node.name]);

  await node.die();

  await eventually(async () => {
    expect(await status('lab1')).toMatchObject({ phase: 'connecting', reason: 'NodeLost' });
    return true;
  }, BACK_WITHIN_S);
  expect(await untilServed(kube, 'lab1', 8080, BACK_WITHIN_S)).toBe(PAGE);
  await until('lab1', 'open');
  // The pod on the dead node is still there: no connection is led to it.
  expect(await placed()).toContain(node.name);
  for (let turn = 0; turn < 20; turn++) expect(await visit(kube, 'lab1', 8080)).toBe(PAGE);
});

it('what the dead node had is gone when it comes back, and the tunnel stays where it is', async () => {
  const { kube } = userJobs.world.cluster;

  await node.start();

  await eventually(async () => {
    const pods = await kube.list('pods', TUNNEL);
    expect(pods).toEqual([
      expect.objectContaining({ spec: expect.not.objectContaining({ nodeName: node.name }) as object }),
    ]);
    return true;
  }, 60);
  expect(await visit(kube, 'lab1', 8080)).toBe(PAGE);
  await userJobs.world.hub.stop('lab1');
  await untilEmpty(kube, ['Secret/hub-functions-ssh']);
});
