import { execFileSync } from 'node:child_process';
import { createWalkthrough, toCurl } from '../../dev/walkthrough';

const options = { base: 'http://127.0.0.1:8080', password: 'pass', namespace: 'default', startId: '0a1b2c3d' };

test('the calls are those of the contract', () => {
  const { start, poll, page, stop, submit, log } = createWalkthrough(options);
  expect(start).toMatchObject({
    method: 'POST',
    url: 'http://127.0.0.1:8080/api/services/',
    login: 'jupyterhub:pass',
    headers: { uuidcode: 'hello' },
  });
  expect(poll).toMatchObject({ method: 'GET', url: 'http://127.0.0.1:8080/api/services/hello/' });
  expect(page.url).toBe('http://127.0.0.1:8080/services/default/svc-hello-0a1b2c3d/');
  expect(stop).toMatchObject({ method: 'DELETE', url: poll.url, login: 'jupyterhub:pass' });
  expect(submit).toMatchObject({ method: 'POST', url: 'http://127.0.0.1:8080/jobs', login: 'jupyterhub:pass' });
  expect(JSON.parse(submit.body ?? '')).toMatchObject({ name: 'hello-0a1b2c3d' });
  expect(toCurl(log)).toBe(
    "curl -sS -u 'jupyterhub:pass' 'http://127.0.0.1:8080/jobs/hello-0a1b2c3d/logs?follow=true'",
  );
});

test('a curl line survives a shell, quotes included', () => {
  const line = toCurl({ method: 'POST', url: 'http://x/', login: 'u:$p', headers: { a: "it's" }, body: '{"b":"$c"}' });
  expect(line).toBe(`curl -sS -X POST -u 'u:$p' -H 'a: it'\\''s' -d '{"b":"$c"}' http://x/`);
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' });
  expect(words.split('\n')).toContain("a: it's");
});
