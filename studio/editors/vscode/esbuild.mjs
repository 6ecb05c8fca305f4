// Bundles the extension into one file, and the modules that tests read by themselves into others.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node18', // what VS Code 1.82 runs on
  format: 'cjs',
  external: ['vscode'],
  logLevel: 'warning',
};

const { metafile } = await build({
  ...shared,
  metafile: true,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  minify: true,
  legalComments: 'none', // whole licences stand in NOTICES.txt
});
await build({ ...shared, entryPoints: ['src/find.ts', 'src/words.ts'], outdir: 'dist/test' });

// The licences of what is in the bundle.
const folders = Object.keys(metafile.inputs).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
const notices = [...new Set(folders)].sort().map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (licence === undefined) throw new Error(`${name} comes without its licence`);
  return `${name} ${version}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n`;
});
writeFileSync('dist/NOTICES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
