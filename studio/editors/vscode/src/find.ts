// Where the `anim` command is.

import * as path from 'node:path';

/** What the search looks at; nothing of it is asked of VS Code here, so that it can be tested alone. */
export interface Surroundings {
  /** The setting `anim.path`, empty if it is not given. */
  readonly setting: string;
  /** The user's own folder. */
  readonly home: string;
  /** The folders of the workspace. */
  readonly folders: readonly string[];
  /** The interpreter that the Python extension has chosen. */
  readonly interpreter: string | undefined;
  /** The variable PATH. */
  readonly path: string;
  /** Whether the user trusts the workspace: what it brings is run only then. */
  readonly isTrusted: boolean;
  readonly isWindows: boolean;
  /** Whether a file is there and may be run. */
  readonly canRun: (file: string) => boolean;
}

/** The command, and where it was found, as people say it. */
export interface Found {
  readonly command: string;
  readonly origin: string;
}

/** The first `anim` there is: of the setting, the workspace, the interpreter, PATH. */
export function findAnim(around: Surroundings): Found | undefined {
  const paths = around.isWindows ? path.win32 : path.posix;
  if (around.setting !== '') {
    const command = meant(around, paths);
    // a setting is never passed over: a wrong one is told instead of running another anim
    return command !== undefined && around.canRun(command)
      ? { command, origin: 'the setting `anim.path`' }
      : undefined;
  }
  return places(around, paths).find((place) => around.canRun(place.command));
}

/** The file of the setting: `~/…`, `${workspaceFolder}/…` and relative ones from the workspace, if trusted. */
function meant(around: Surroundings, paths: path.PlatformPath): string | undefined {
  const setting = around.setting.replace(/^~(?=[\\/])/, () => around.home).replace(/^\$\{workspaceFolder\}[\\/]/, '');
  if (paths.isAbsolute(setting)) return setting;
  const base = around.isTrusted ? around.folders[0] : undefined;
  return base === undefined ? undefined : paths.resolve(base, setting);
}

function places(around: Surroundings, paths: path.PlatformPath): Found[] {
  const name = around.isWindows ? 'anim.exe' : 'anim';
  const scripts = around.isWindows ? 'Scripts' : 'bin';
  const all: Found[] = [];
  if (around.isTrusted) {
    for (const folder of around.folders) {
      for (const environment of ['.venv', 'venv']) {
        const command = paths.join(folder, environment, scripts, name);
        all.push({ command, origin: `the workspace's ${environment}` });
      }
    }
    if (around.interpreter !== undefined) {
      const command = paths.join(paths.dirname(around.interpreter), name);
      all.push({ command, origin: "the Python extension's interpreter" });
    }
  }
  const separator = around.isWindows ? ';' : ':';
  for (const folder of around.path.split(separator)) {
    // a relative folder of PATH would be one of the workspace
    if (paths.isAbsolute(folder) && (around.isTrusted || !isInside(folder, around.folders, paths))) {
      all.push({ command: paths.join(folder, name), origin: 'PATH' });
    }
  }
  return all;
}

function isInside(place: string, folders: readonly string[], paths: path.PlatformPath): boolean {
  return folders.some((folder) => {
    const between = paths.relative(folder, place);
    return !/^\.\.(?:[\\/]|$)/.test(between) && !paths.isAbsolute(between);
  });
}
