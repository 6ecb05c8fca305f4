// What stands between VS Code and the language server: the commands of its lenses and actions, which have a
// terminal and an editor here. The server would run them by itself for a client that has neither.

import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { runScene } from './running';

/** Takes the server's commands over, as far as there is more to show than a message. */
export const middleware: Middleware = {
  executeCommand: async (command, args, next) => {
    const asked = place(args);
    switch (command) {
      case 'anim.explain':
        return vscode.commands.executeCommand('anim.explainHere', args[0]);
      case 'anim.plotScene':
        return asked ? vscode.commands.executeCommand('anim.plotFilm', asked.uri, asked.scene) : next(command, args);
      case 'anim.renderScene':
        return asked ? runScene('render', asked.uri, asked.scene) : next(command, args);
      case 'anim.previewScene':
        return asked ? runScene('preview', asked.uri, asked.scene) : next(command, args);
      default:
        return next(command, args);
    }
  },
};

/** The film and the scene that a lens is about: its URI, and a name that is empty for all of it. */
function place(args: readonly unknown[]): { uri: vscode.Uri; scene: string | undefined } | undefined {
  const [uri, scene] = args;
  if (typeof uri !== 'string' || !uri.includes(':')) return undefined;
  return { uri: vscode.Uri.parse(uri), scene: typeof scene === 'string' && scene !== '' ? scene : undefined };
}
