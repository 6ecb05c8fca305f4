// Loads the built extension with the stand-in for `vscode`, and without a language client: that one is tested
// over the real protocol in `protocol.test.mjs`.
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = fileURLToPath(new URL('.', import.meta.url));

/** The extension's exports, the stand-in, the clients that the extension made, and how to keep them waiting. */
export async function load() {
  const folder = mkdtempSync(join(here, '../dist/wired-'));
  const outfile = join(folder, 'extension.cjs');
  await build({
    entryPoints: [join(here, '../src/extension.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'vscode-languageclient/node'],
    logLevel: 'warning',
  });
  const clients = [];
  const silent = { isOn: false };
  const client = {
    State: { Stopped: 1, Running: 2, Starting: 3 },
    ErrorAction: { Continue: 1 },
    CloseAction: { DoNotRestart: 1, Restart: 2 },
    LanguageClient: class {
      constructor(id, name, spawn, options) {
        Object.assign(this, { id, name, spawn, options, state: 1 });
        clients.push(this);
      }
      onDidChangeState(listener) {
        this.listener = listener;
      }
      async start() {
        this.process = await this.spawn();
        if (this.isDisposed) return;
        this.state = silent.isOn ? 3 : 2;
        this.listener({ newState: this.state });
        if (silent.isOn) await new Promise(() => {}); // as for a server that never answers
      }
      async dispose() {
        this.isDisposed = true;
        this.state = 1;
        this.process?.kill();
      }
    },
  };
  const vscode = require('./vscode.cjs');
  const plain = Module._load;
  Module._load = (name, ...rest) =>
    name === 'vscode' ? vscode : name === 'vscode-languageclient/node' ? client : plain(name, ...rest);
  const extension = require(outfile);
  Module._load = plain;
  rmSync(folder, { recursive: true });
  return { extension, vscode, clients, silent };
}
