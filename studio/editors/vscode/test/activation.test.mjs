import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { load } from './load.mjs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'anim-vscode-'));
const ANIM = join(folder, '.venv/bin/anim');
const FILM = join(folder, 'films/rain.anim');
let vscode, clients, silent;
const context = { subscriptions: [] };

before(async () => {
  mkdirSync(join(folder, '.venv/bin'), { recursive: true });
  // an anim that prints what it was asked, and as a server waits
  writeFileSync(ANIM, '#!/bin/sh\ncase "$*" in lsp*) while read -r line; do :; done; exit;; *nothing*) echo "no such name" >&2; exit 2;; esac\necho "asked: $*"\n');
  chmodSync(ANIM, 0o755);
  const loaded = await load();
  ({ vscode, clients, silent } = loaded);
  process.env.PATH = '/nonexistent';
  vscode.workspace.workspaceFolders = [{ uri: vscode.Uri.file(folder) }];
  await loaded.extension.activate(context);
});

beforeEach(() => {
  vscode.record.tasks.length = vscode.record.shown.length = vscode.record.documents.length = 0;
});

after(() => {
  context.subscriptions.forEach((one) => one.dispose());
  rmSync(folder, { recursive: true });
});

/** Waits until something is so; the test's own limit ends it otherwise. */
async function until(isSo) {
  while (!isSo()) await new Promise(setImmediate);
}

/** An editor with a film in it. */
function open(more = {}) {
  const document = { uri: vscode.Uri.file(FILM), isDirty: false, save: async () => true, ...more };
  vscode.window.activeTextEditor = { document, selection: { active: {} } };
  return document;
}

test('every command of the manifest is registered, and shown only where it can work', () => {
  for (const { command } of manifest.contributes.commands) assert.ok(vscode.record.commands.has(command), command);
  const needTrust = ['previewFilm', 'renderFilm', 'liveFilm', 'planFilm', 'plotFilm'];
  for (const { command, when } of manifest.contributes.menus.commandPalette) {
    assert.equal(when.includes('isWorkspaceTrusted'), needTrust.includes(command.split('.')[1]), command);
  }
});

test("the workspace's own anim is started as the language server", async () => {
  assert.equal(clients.length, 1);
  await until(() => clients[0].state === 2);
  assert.deepEqual(clients[0].process.spawnargs, [ANIM, 'lsp']);
  assert.equal(vscode.record.status.at(-1).text, '$(check) anim');
});

test('an action saves the film and runs it as a process, without a shell', async () => {
  let saved = 0;
  open({ isDirty: true, save: async () => ++saved > 0 });
  await vscode.record.commands.get('anim.previewFilm')();
  const [task] = vscode.record.tasks;
  assert.equal(saved, 1);
  assert.equal(task.execution.process, ANIM);
  assert.deepEqual(task.execution.args, ['preview', 'films/rain.anim']);
  assert.equal(task.execution.options.cwd, folder);
});

test('a film that was never saved is not run', async () => {
  open({ uri: vscode.Uri.parse('untitled:Untitled-1'), isDirty: true });
  await vscode.record.commands.get('anim.renderFilm')();
  assert.equal(vscode.record.tasks.length, 0);
  assert.match(vscode.record.shown[0], /Save the film/);
});

test("what a lens of the server asks for runs in a terminal; other commands are the server's", async () => {
  const { executeCommand } = clients[0].options.middleware;
  const next = async (command) => `server: ${command}`;
  const uri = vscode.Uri.file(FILM).toString();
  await executeCommand('anim.renderScene', [uri, 'night'], next);
  assert.deepEqual(vscode.record.tasks[0].execution.args, ['render', 'films/rain.anim', '--scene', 'night']);
  await executeCommand('anim.previewScene', [uri, ''], next);
  assert.deepEqual(vscode.record.tasks[1].execution.args, ['preview', 'films/rain.anim']);
  await executeCommand('anim.plotScene', [uri, 'night'], next);
  assert.equal(vscode.record.executed.at(-1)[0], 'vscode.open');
  assert.match(vscode.record.executed.at(-1)[1].fsPath, /rain-night-curves\.png$/);
  // a lens over the whole film is about that film, whatever else is being edited
  open({ uri: vscode.Uri.file(join(folder, 'other.anim')) });
  await executeCommand('anim.plotScene', [uri, ''], next);
  assert.match(vscode.record.executed.at(-1)[1].fsPath, /rain-curves\.png$/);
  await executeCommand('anim.explain', ['E1018'], next);
  assert.match(vscode.record.documents[0].text, /explain E1018$/m);
  assert.equal(await executeCommand('anim.another', [], next), 'server: anim.another');
});

test('an explanation opens beside the film', async () => {
  await vscode.record.commands.get('anim.explainHere')('E3003');
  assert.match(vscode.record.documents[0].text, /^asked: --colour never explain E3003$/m);
  await vscode.record.commands.get('anim.explainHere')('nothing');
  assert.equal(vscode.record.shown.at(-1), 'no such name');
});

test('a task of `tasks.json` gets its process', () => {
  const definition = { type: 'anim', command: 'preview', film: 'rain.anim', arguments: ['--gif'] };
  const task = vscode.record.taskProvider.resolveTask({ definition, scope: 2, name: 'gif' });
  assert.equal(task.definition, definition);
  assert.deepEqual(task.execution.args, ['preview', 'rain.anim', '--gif']);
});

test('without trust nothing of the workspace runs, and it is said why', async () => {
  vscode.workspace.isTrusted = false;
  await vscode.record.commands.get('anim.restartServer')();
  assert.equal(clients[0].state, 1);
  assert.equal(clients.length, 1);
  assert.match(vscode.record.shown.at(-1), /pip install anim.*not trusted/);
  assert.equal(vscode.record.status.at(-1).command, 'anim.setPath');
});

test('with a path of their own, users of an untrusted workspace have the server, as `--untrusted`', async () => {
  vscode.settings.path = ANIM;
  await vscode.record.commands.get('anim.restartServer')();
  await until(() => clients.at(-1).state === 2);
  assert.deepEqual(clients.at(-1).process.spawnargs, [ANIM, 'lsp', '--untrusted']);
  open();
  await vscode.record.commands.get('anim.renderFilm')();
  await vscode.record.commands.get('anim.plotFilm')();
  assert.equal(vscode.record.tasks.length, 0);
  assert.match(vscode.record.shown.at(-1), /not trusted/);
});

test('trust and another path start the server anew', async () => {
  const before = clients.length;
  vscode.workspace.isTrusted = true;
  vscode.emitter.emit('trust');
  vscode.emitter.emit('configuration', { affectsConfiguration: (name) => name === 'anim.trace.server' });
  vscode.emitter.emit('configuration', { affectsConfiguration: (name) => name === 'anim.path' });
  await new Promise(setImmediate); // the path's change waits until the client has told the server
  await vscode.record.commands.get('anim.restartServer')();
  assert.equal(clients.length, before + 3);
  await until(() => clients.at(-1).state === 2);
  assert.deepEqual(clients.map((client) => client.state), [...Array(clients.length - 1).fill(1), 2]);
});

test('a program that never answers keeps nobody waiting, and is ended', async () => {
  silent.isOn = true;
  await vscode.record.commands.get('anim.restartServer')();
  const waiting = clients.at(-1);
  await until(() => waiting.state === 3);
  silent.isOn = false;
  await vscode.record.commands.get('anim.restartServer')();
  assert.notEqual(clients.at(-1), waiting);
  await until(() => clients.at(-1).state === 2);
  assert.ok(waiting.process.killed);
});

test('a script whose interpreter is gone is told of, and harms nothing', async () => {
  const moved = join(folder, 'moved');
  writeFileSync(moved, '#!/nonexistent/python\n');
  chmodSync(moved, 0o755);
  vscode.settings.path = moved;
  await vscode.record.commands.get('anim.restartServer')();
  await until(() => /moved` cannot be run: .*ENOENT/.test(vscode.record.shown.at(-1)));
  assert.deepEqual(vscode.record.status.at(-1).command, 'anim.restartServer');
  vscode.settings.path = ANIM;
});

test('a server that ends is started again, three times; one that never answered is not', async () => {
  await vscode.record.commands.get('anim.restartServer')();
  await until(() => clients.at(-1).state === 2);
  const { errorHandler } = clients.at(-1).options;
  assert.deepEqual([1, 2, 3, 4].map(() => errorHandler.closed().action), [2, 2, 2, 1]);
  silent.isOn = true;
  await vscode.record.commands.get('anim.restartServer')();
  await until(() => clients.at(-1).state === 3);
  const closed = clients.at(-1).options.errorHandler.closed();
  silent.isOn = false;
  assert.equal(closed.action, 1);
  assert.match(closed.message, /does not answer/);
});
