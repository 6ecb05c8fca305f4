// The language server's life: found, started, restarted, and what of it the status bar says.

import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient/node';
import type { Found } from './find';
import { middleware } from './middleware';
import { Run } from './run';
import { searched } from './surroundings';

const MISSING = 'anim was not found: neither in this workspace, nor in the chosen Python, nor on PATH.';
const WRONG = 'The setting `anim.path` names no file that can be run.';

/** One server for a window. */
export class Server implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel('anim');
  private readonly status = vscode.window.createStatusBarItem('anim.status', vscode.StatusBarAlignment.Right, 50);
  private running: { client: LanguageClient; run: Run } | undefined;
  private turn: Promise<void> = Promise.resolve();
  /** The command that was found last. */
  found: Found | undefined;

  constructor() {
    this.status.name = 'anim';
  }

  /** Starts the server, in place of one that runs; one after the other, however often it is asked. */
  restart(): Promise<void> {
    this.turn = this.turn.then(() => this.stop()).then(() => this.start());
    return this.turn;
  }

  private async start(): Promise<void> {
    this.found = await searched();
    if (this.found === undefined) {
      this.show('$(warning) anim', 'anim was not found; click to set its path', 'anim.setPath');
      void this.complain();
      return;
    }
    this.log.appendLine(`starting ${this.found.command}, found by ${this.found.origin}`);
    this.show('$(sync~spin) anim', 'the language server starts', 'anim.showLog');
    const run = new Run(this.found.command, (line) => this.log.appendLine(line));
    const client = new LanguageClient('anim', 'anim', run.spawn, this.clientOptions(run));
    client.onDidChangeState(({ newState }) => {
      if (this.running?.client === client) this.tell(newState);
    });
    this.running = { client, run };
    // not awaited: a program that never answers must not keep the next one from being started
    client.start().catch((error: unknown) => {
      this.log.appendLine(`the language server did not start: ${String(error)}`);
      if (this.running?.client === client) this.tell(State.Stopped);
    });
  }

  private clientOptions(run: Run): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: 'file', language: 'anim' },
        { scheme: 'untitled', language: 'anim' },
      ],
      outputChannel: this.log,
      synchronize: { configurationSection: 'anim' },
      middleware,
      errorHandler: run,
    };
  }

  private tell(state: State): void {
    if (this.found === undefined || state === State.Starting) return;
    if (state === State.Running) this.running?.run.answered();
    const where = `${this.found.command}\n(${this.found.origin})`;
    if (state === State.Running) this.show('$(check) anim', `the language server runs: ${where}`, 'anim.showLog');
    else this.show('$(circle-slash) anim', `the language server has stopped: ${where}`, 'anim.restartServer');
  }

  private show(text: string, tooltip: string, command: string): void {
    this.status.text = text;
    this.status.tooltip = tooltip;
    this.status.command = command;
    this.status.show();
  }

  /** Says that there is no anim, and offers what can be done about it. */
  async complain(): Promise<void> {
    const isSet = vscode.workspace.getConfiguration('anim').get<string>('path', '') !== '';
    const untrusted = vscode.workspace.isTrusted ? '' : ' This workspace is not trusted, so its own was not looked at.';
    const text = (isSet ? WRONG : `${MISSING} Install it with \`pip install anim\`, or say where it is.`) + untrusted;
    const chosen = await vscode.window.showErrorMessage(text, 'Set the Path', 'Search Again');
    if (chosen === 'Set the Path') await vscode.commands.executeCommand('anim.setPath');
    if (chosen === 'Search Again') await this.restart();
  }

  private async stop(): Promise<void> {
    const { client, run } = this.running ?? {};
    this.running = undefined;
    run?.end();
    try {
      if (client?.state === State.Running) await client.dispose();
      else run?.kill();
    } catch {
      run?.kill(); // it does not answer any more
    }
  }

  async dispose(): Promise<void> {
    await this.turn;
    await this.stop();
    this.status.dispose();
    this.log.dispose();
  }
}
