// Runs `anim` on the film of the active editor: in a terminal, or for its output.

import { execFile } from 'node:child_process';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Server } from './server';
import { type Action, argumentsOf } from './words';

let server: Server | undefined;

/** Whose `anim` is run. */
export function useServer(used: Server): void {
  server = used;
}

/** Saves the film of the active editor and runs an action on it in a terminal. */
export async function runHere(action: Action): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || !(await isSaved(editor.document))) return;
  await inTerminal(action, editor.document.uri);
}

/** Runs an action on a film or a scene of it, saved first if it is open. */
export async function runScene(action: Action, uri: vscode.Uri, scene?: string): Promise<void> {
  if (await isSavedAt(uri)) await inTerminal(action, uri, scene);
}

/** Whether the film on the disk is the one that is shown. */
export async function isSavedAt(uri: vscode.Uri): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  return document === undefined || isSaved(document);
}

/** A film must be a file for a command to read it; an unsaved one is asked for its name. */
async function isSaved(document: vscode.TextDocument): Promise<boolean> {
  if (document.uri.scheme !== 'file') {
    void vscode.window.showInformationMessage('Save the film as a file first: `anim` reads it from the disk.');
    return false;
  }
  return !document.isDirty || (await document.save());
}

async function inTerminal(action: Action, film: vscode.Uri, scene?: string): Promise<void> {
  const command = isAllowed() ? usable() : undefined;
  if (command === undefined) return;
  const cwd = folderOf(film);
  const name = path.relative(cwd, film.fsPath);
  const definition = { type: 'anim', command: action, film: name };
  const title = `${action} ${name}${scene === undefined ? '' : ` (${scene})`}`;
  const scope = vscode.workspace.getWorkspaceFolder(film) ?? vscode.TaskScope.Workspace;
  const task = taskOf(definition, scope, title, command, argumentsOf(action, name, scene), cwd);
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    focus: action === 'live', // its keys are the terminal's
    panel: action === 'live' ? vscode.TaskPanelKind.Dedicated : vscode.TaskPanelKind.Shared,
    showReuseMessage: false,
    clear: true,
  };
  await vscode.tasks.executeTask(task);
}

function taskOf(
  definition: vscode.TaskDefinition,
  scope: vscode.WorkspaceFolder | vscode.TaskScope,
  title: string,
  command: string,
  args: string[],
  cwd?: string,
): vscode.Task {
  // a process with arguments, no line for a shell: names of films may hold anything
  const execution = new vscode.ProcessExecution(command, args, cwd === undefined ? {} : { cwd });
  return new vscode.Task(definition, scope, title, 'anim', execution, '$anim');
}

/** Tasks of the type `anim` in `tasks.json`; none are offered by themselves. */
export const taskProvider: vscode.TaskProvider = {
  provideTasks: () => [],
  resolveTask: (task) => {
    const { command, film, arguments: more = [] } = task.definition as unknown as {
      command: string;
      film: string;
      arguments?: string[];
    };
    if (server?.found === undefined || task.scope === undefined) return undefined;
    const args = [...argumentsOf(command, film), ...more];
    // the very definition that came in must go out, or VS Code asks again
    const scope = task.scope as vscode.WorkspaceFolder | vscode.TaskScope;
    return taskOf(task.definition, scope, task.name, server.found.command, args);
  },
};

/** What `anim` prints; the message of a failure is what it says on standard error. */
export function output(args: readonly string[], film?: vscode.Uri): Promise<string> {
  const command = usable();
  if (command === undefined) return Promise.reject(new Error('anim was not found'));
  const options = { ...(film === undefined ? {} : { cwd: folderOf(film) }), timeout: 120_000, maxBuffer: 16 << 20 };
  return new Promise((resolve, reject) => {
    execFile(command, ['--colour', 'never', ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr.trim() || error.message));
    });
  });
}

/** Whether films of this workspace may be rendered or drawn; says so where they may not. */
export function isAllowed(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showInformationMessage('This workspace is not trusted, so its films are checked only.');
  return false;
}

/** The command that may be run now; says why where there is none. */
function usable(): string | undefined {
  if (server?.found === undefined) {
    void server?.complain();
    return undefined;
  }
  return server.found.command;
}

/** Commands run in the folder of the workspace, so that `out/` is where a terminal would have it. */
function folderOf(film: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(film)?.uri.fsPath ?? path.dirname(film.fsPath);
}

/** The film's path for a command that runs in its folder. */
export function nameOf(film: vscode.Uri): string {
  return path.relative(folderOf(film), film.fsPath);
}
