import assert from 'node:assert/strict';
import { test } from 'node:test';
import find from '../dist/test/find.js';

const around = (files, more = {}) => ({
  setting: '',
  home: '/home/me',
  folders: ['/home/me/films'],
  interpreter: undefined,
  path: '/usr/local/bin:/usr/bin',
  isTrusted: true,
  isWindows: false,
  canRun: (file) => files.includes(file),
  ...more,
});

const VENV = '/home/me/films/.venv/bin/anim';
const PYTHON = '/home/me/conda/bin/anim';
const PATH = '/usr/bin/anim';

test("the workspace's environment comes before the interpreter, and that before PATH", () => {
  const interpreter = '/home/me/conda/bin/python';
  const all = [VENV, PYTHON, PATH];
  assert.equal(find.findAnim(around(all, { interpreter })).command, VENV);
  assert.equal(find.findAnim(around([PYTHON, PATH], { interpreter })).command, PYTHON);
  assert.deepEqual(find.findAnim(around([PATH], { interpreter })), { command: PATH, origin: 'PATH' });
  assert.equal(find.findAnim(around([])), undefined);
});

test('the setting goes before everything, and a wrong one is not passed over', () => {
  const setting = '/opt/anim/bin/anim';
  assert.equal(find.findAnim(around([VENV, setting], { setting })).command, setting);
  assert.equal(find.findAnim(around([VENV], { setting })), undefined);
});

test('a relative setting is one of the workspace, if that is trusted', () => {
  const setting = 'env/bin/anim';
  const files = ['/home/me/films/env/bin/anim'];
  assert.equal(find.findAnim(around(files, { setting })).command, files[0]);
  assert.equal(find.findAnim(around(files, { setting, isTrusted: false })), undefined);
});

test('a setting may begin with the own folder or the workspace', () => {
  const files = ['/home/me/anim/bin/anim', VENV];
  assert.equal(find.findAnim(around(files, { setting: '~/anim/bin/anim' })).command, files[0]);
  const setting = '${workspaceFolder}/.venv/bin/anim';
  assert.equal(find.findAnim(around(files, { setting })).command, VENV);
  assert.equal(find.findAnim(around(files, { setting, isTrusted: false })), undefined);
});

test('nothing that an untrusted workspace brings is run', () => {
  const untrusted = { isTrusted: false, interpreter: '/home/me/films/.venv/bin/python' };
  assert.equal(find.findAnim(around([VENV], untrusted)), undefined);
  assert.equal(find.findAnim(around([VENV, PATH], untrusted)).command, PATH);
  const path = '/home/me/films/bin:/home/me/films/..bin:.:relative:/usr/bin';
  const files = ['/home/me/films/bin/anim', '/home/me/films/..bin/anim', './anim', 'relative/anim', 'anim', PATH];
  assert.equal(find.findAnim(around(files, { ...untrusted, path })).command, PATH);
});

test('Windows has other separators and names', () => {
  const files = ['C:\\films\\.venv\\Scripts\\anim.exe', 'C:\\Python\\Scripts\\anim.exe'];
  const windows = { isWindows: true, folders: ['C:\\films'], path: 'C:\\Windows;C:\\Python\\Scripts' };
  assert.equal(find.findAnim(around(files, windows)).command, files[0]);
  assert.equal(find.findAnim(around(files, { ...windows, isTrusted: false })).command, files[1]);
});
