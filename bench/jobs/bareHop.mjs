// What any function of Node costs that stands between a client and the API server: reads a body, posts it on with a token of its own, hands the answer back.
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';

const { KUBE_API_URL, KUBE_TOKEN_FILE, KUBE_CA_FILE, PORT } = process.env;
const { request, Agent } = KUBE_API_URL.startsWith('https:') ? https : http;
const ca = KUBE_CA_FILE && readFileSync(KUBE_CA_FILE);
const agent = new Agent({ keepAlive: true, maxSockets: 16, scheduling: 'lifo', ca });
const authorization = KUBE_TOKEN_FILE && `Bearer ${readFileSync(KUBE_TOKEN_FILE, 'utf8').trim()}`;
const json = (body) => ({ 'content-type': 'application/json', 'content-length': body.length });

function collect(stream, then) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk)).on('end', () => then(Buffer.concat(chunks)));
}

const server = http.createServer((asked, answer) => {
  if (asked.method === 'GET') answer.end('ok');
  else
    collect(asked, (body) => {
      const headers = { ...json(body), ...(authorization && { authorization }) };
      const onward = request(KUBE_API_URL + asked.url, { agent, method: asked.method, headers }, (incoming) => {
        collect(incoming, (text) => answer.writeHead(incoming.statusCode, json(text)).end(text));
      });
      onward.on('error', () => answer.destroy()).end(body);
    });
});
server.listen(Number(PORT), '127.0.0.1');
