// A function for the gateway's tests, as a program: answers with what it sees, echoes streams and upgrades, crashes when asked.
import type { createServer } from 'node:http';

export function program(): readonly [string, ...string[]] {
  return [process.execPath, '-e', `(${main.toString()})(require('node:http'))`];
}

function main({ createServer: create }: { createServer: typeof createServer }): void {
  const scheduled: unknown[] = [];
  const server = create((request, response) => {
    const { method, url, headers } = request;
    if (url === '/health/readiness') return void response.end();
    if (url === '/crash') return process.exit(3);
    if (url === '/cut') return void response.write('first', () => response.destroy());
    if (url === '/cut/short') {
      response.setHeader('content-length', 100);
      return void response.write('first', () => response.destroy());
    }
    if (url === '/silent') return undefined;
    if (url === '/echo') return void request.pipe(response);
    if (method === 'POST' && url === '/') scheduled.push(headers);
    return void response.end(JSON.stringify({ pid: process.pid, method, url, headers, scheduled }));
  });
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello');
    socket.pipe(socket);
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
}
