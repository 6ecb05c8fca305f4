// Where VS Code comes in: everything is registered here, and the server is started.

import * as vscode from 'vscode';
import { runHere, taskProvider, useServer } from './running';
import { Server } from './server';
import { Pages, Plots } from './showing';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = new Server();
  useServer(server);
  const { registerCommand } = vscode.commands;
  context.subscriptions.push(
    server,
    registerCommand('anim.previewFilm', () => runHere('preview')),
    registerCommand('anim.renderFilm', () => runHere('render')),
    registerCommand('anim.liveFilm', () => runHere('live')),
    registerCommand('anim.planFilm', () => runHere('plan')),
    registerCommand('anim.restartServer', () => server.restart()),
    registerCommand('anim.showLog', () => server.log.show()),
    registerCommand('anim.setPath', () =>
      vscode.commands.executeCommand('workbench.action.openSettings', '@id:anim.path'),
    ),
    vscode.tasks.registerTaskProvider('anim', taskProvider),
    Pages.register(),
    new Plots().register(),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      // the client tells the server of the change first: one that stops already cannot be told
      if (change.affectsConfiguration('anim.path')) setImmediate(() => void server.restart());
    }),
  );
  await server.restart();
}
