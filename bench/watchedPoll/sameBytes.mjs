// What node:http alone costs: answers every request with the body it was given, without looking at the request.
import { createServer } from 'node:http';

const body = process.env.BODY ?? '';
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
createServer((_request, response) => response.writeHead(200, headers).end(body)).listen(process.env.PORT, '127.0.0.1');
