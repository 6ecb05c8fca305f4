import assert from 'node:assert/strict';
import { test } from 'node:test';
import words from '../dist/test/words.js';

test('a film that begins with a dash is no option, and a scene is one', () => {
  assert.deepEqual(words.argumentsOf('render', 'films/rain.anim'), ['render', 'films/rain.anim']);
  assert.deepEqual(words.argumentsOf('render', '-o.anim', 'night'), ['render', './-o.anim', '--scene', 'night']);
});

test('the code of a diagnostic goes before the word at the cursor', () => {
  assert.equal(words.topic(['E3003'], 'zoom'), 'E3003');
  assert.equal(words.topic([undefined, ''], 'zoom'), 'zoom');
  assert.equal(words.topic([], '12px'), undefined);
  assert.equal(words.topic(['--help'], undefined), undefined);
});
