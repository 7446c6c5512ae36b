// Greets with the name of the server it was started as, under whatever path it is reached.
const { createServer } = require('node:http');

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const name = escape(process.env.SERVERNAME ?? 'nobody');
const page = `<!doctype html>
<meta charset="utf-8">
<title>${name}</title>
<h1>Hello, I am ${name}</h1>
<p>Started by hub-functions; stop me with DELETE /api/services/${name}/.</p>
`;

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(page);
});
server.listen(Number(process.env.PORT), () => console.log(`listening as ${name}`));

process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
