// The real `anim lsp` over the very protocol stack that the extension uses.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';

const require = createRequire(import.meta.url);
const rpc = require('vscode-languageserver-protocol/node');
const root = fileURLToPath(new URL('../../../../', import.meta.url));

function anim() {
  const folders = [join(root, '.venv/bin'), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'anim')).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const command = anim();
const skip = command === undefined ? 'there is no anim here' : false;
const folder = mkdtempSync(join(tmpdir(), 'anim-protocol-'));
const uri = pathToFileURL(join(folder, 'rain.anim')).toString();
const TEXT = 'length = 4s\nprompt = "rain"\ncamera 2d { zoomm = 1.2 }\n';
let server, connection, capabilities, ended;
const waiting = [];
const published = [];

/** An answer of the server, which must live that long. */
function alive(answer) {
  const lost = ended.then((code) => Promise.reject(new Error(`the server ended with code ${code}`)));
  return Promise.race([answer, lost]);
}

/** The first diagnostics of a version, whenever they come. */
function diagnostics(version) {
  const found = published.find((told) => told.uri === uri && told.version === version);
  const told = new Promise((resolve) => (found === undefined ? waiting.push([version, resolve]) : resolve(found)));
  return alive(told);
}

before(async () => {
  if (skip) return;
  server = spawn(command, ['lsp'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ANIM_CACHE: join(folder, 'cache'), ANIM_MODELS: join(folder, 'models') },
  });
  ended = new Promise((resolve) => server.on('exit', resolve));
  connection = rpc.createProtocolConnection(
    new rpc.StreamMessageReader(server.stdout),
    new rpc.StreamMessageWriter(server.stdin),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => null));
  for (const refresh of ['inlayHint', 'codeLens', 'semanticTokens', 'diagnostic'])
    connection.onRequest(`workspace/${refresh}/refresh`, () => null);
  connection.onNotification('textDocument/publishDiagnostics', (told) => {
    published.push(told);
    for (const [version, resolve] of waiting) if (told.uri === uri && told.version === version) resolve(told);
  });
  connection.listen();
  const answering = connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).toString(),
    capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } },
  });
  capabilities = (await alive(answering)).capabilities;
  await connection.sendNotification('initialized', {});
  const textDocument = { uri, languageId: 'anim', version: 1, text: TEXT };
  await connection.sendNotification('textDocument/didOpen', { textDocument });
});

after(async () => {
  if (!skip) {
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    assert.equal(await ended, 0);
    connection.dispose();
  }
  rmSync(folder, { recursive: true, force: true });
});

test('a mistake is told with its code and its place', { skip }, async () => {
  const { diagnostics: found } = await diagnostics(1);
  const [wrong] = found.filter(({ severity }) => severity === 1);
  assert.match(String(wrong.code), /^E\d{4}$/);
  assert.match(wrong.message, /zoomm/);
  assert.deepEqual(wrong.range, { start: { line: 2, character: 12 }, end: { line: 2, character: 17 } });
});

test('an edit that mends it takes it away', { skip }, async () => {
  const range = { start: { line: 2, character: 16 }, end: { line: 2, character: 17 } };
  const changed = { textDocument: { uri, version: 2 }, contentChanges: [{ range, text: '' }] };
  await connection.sendNotification('textDocument/didChange', changed);
  const { diagnostics: found } = await diagnostics(2);
  assert.deepEqual(found.filter(({ severity }) => severity === 1), []);
});

test('no command of the server has the name of one of ours, which VS Code would refuse', { skip }, () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const ours = manifest.contributes.commands.map(({ command }) => command);
  const theirs = capabilities.executeCommandProvider?.commands ?? [];
  assert.deepEqual(theirs.filter((name) => ours.includes(name)), []);
});
