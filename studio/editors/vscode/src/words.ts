// What a command line is made of, and what stands at the cursor: pure functions.

const CODE = /^[EW]\d{4}$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The commands that run in a terminal, by the name of their anim command. */
export type Action = 'render' | 'preview' | 'live' | 'plan';

/** The arguments of `anim` for an action on a film; `scene` limits it to one. */
export function argumentsOf(action: string, film: string, scene?: string): string[] {
  const limited = scene === undefined ? [] : ['--scene', scene];
  // a film that begins with `-` must not be read as an option
  return [action, film.startsWith('-') ? `./${film}` : film, ...limited];
}

/** What `anim explain` is asked: a diagnostic's code at the cursor, else the word there. */
export function topic(codes: readonly (string | undefined)[], word: string | undefined): string | undefined {
  const code = codes.find((found) => found !== undefined && CODE.test(found));
  if (code !== undefined) return code;
  return word !== undefined && (CODE.test(word) || NAME.test(word)) ? word : undefined;
}
