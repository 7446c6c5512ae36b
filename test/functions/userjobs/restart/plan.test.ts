// Whom a deployment tells to open tunnels anew, with what, and why it does not tell others.
import { planRestarts } from '../../../../functions/userjobs/restart/plan';
import { tunnelKey } from '../../../../lib/config/tunnels';

const SECRET = 'Basic c2VjcmV0';
const environment = { TUNNEL_BASIC: SECRET, OTHER: ' Token t ', EMPTY: ' ' };
const hub = { hostname: 'hub', restart_url: 'https://hub/restart' };
const plan = (tunnel: object, stage?: string): unknown =>
  planRestarts(tunnelKey.parse([tunnel]), { stage, environment })[0];

test('its defaults are those of the contract, but that certificates are verified', () => {
  expect(plan(hub)).toEqual({
    hostname: 'hub',
    url: 'https://hub/restart',
    authorization: SECRET,
    timeoutMs: 10_000,
    trust: true,
  });
});

test.each([
  [{ ...hub, stage: { staging: { restart_url: 'https://staging/' } } }, 'staging', { url: 'https://staging/' }],
  [{ ...hub, stage: { staging: { restart_url: 'https://staging/' } } }, 'production', { url: 'https://hub/restart' }],
  [{ ...hub, stage: { staging: { restart_url: 'https://staging/' } } }, undefined, { url: 'https://hub/restart' }],
  [{ ...hub, cred_env_name: 'OTHER', timeout: 1.5 }, undefined, { authorization: 'Token t', timeoutMs: 1500 }],
  [{ ...hub, certificate_path: '/ca.crt' }, undefined, { trust: '/ca.crt' }],
  [{ ...hub, certificate_path: false }, undefined, { trust: false }],
])('%j in stage %s', (tunnel, stage, expected) => expect(plan(tunnel, stage)).toMatchObject(expected));

test.each([
  [{ restart_url: 'https://hub/' }, 'it has no hostname'],
  [{ hostname: 'hub' }, 'it has no restart_url for this stage'],
  [{ hostname: 'hub', restart_url: 'file:///etc/passwd' }, 'its restart_url is no http address: file:///etc/passwd'],
  [{ ...hub, cred_env_name: 'EMPTY' }, 'the environment variable EMPTY is empty'],
  [{ ...hub, cred_env_name: 'ABSENT' }, 'the environment variable ABSENT is empty'],
])('%j is skipped: %s', (tunnel, why) => expect(plan(tunnel)).toEqual(expect.objectContaining({ why })));
