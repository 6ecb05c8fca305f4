// The machine and the window, as the search for `anim` sees them.

import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { type Found, findAnim } from './find';

/** The `anim` of this window, or undefined where there is none. */
export async function searched(): Promise<Found | undefined> {
  const isTrusted = vscode.workspace.isTrusted;
  return findAnim({
    setting: vscode.workspace.getConfiguration('anim').get<string>('path', '').trim(),
    home: homedir(),
    folders: (vscode.workspace.workspaceFolders ?? [])
      .filter((folder) => folder.uri.scheme === 'file')
      .map((folder) => folder.uri.fsPath),
    interpreter: isTrusted ? await interpreter() : undefined,
    path: process.env['PATH'] ?? '',
    isTrusted,
    isWindows: process.platform === 'win32',
    canRun,
  });
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What the Python extension says of itself, as far as it is asked here. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: unknown,
    ): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

async function interpreter(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  if (extension === undefined) return undefined;
  try {
    const api = extension.isActive ? extension.exports : await extension.activate();
    const active = api.environments?.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
    if (active === undefined) return undefined;
    const resolved = await api.environments?.resolveEnvironment(active);
    return resolved?.executable.uri?.fsPath;
  } catch {
    return undefined; // another version of the Python extension: PATH is searched all the same
  }
}
