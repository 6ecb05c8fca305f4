// One run of the language server's process, and what is done when it ends by itself.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as vscode from 'vscode';
import { CloseAction, type CloseHandlerResult, ErrorAction, type ErrorHandler } from 'vscode-languageclient/node';

const MOST = 3; // so many ends of a server that has answered are made good
const SILENT = 'This `anim` does not answer as a language server. Is it too old? Its log may say more.';
const LOST = 'The language server of anim has ended several times and is not started again. Its log may say more.';

/** The process of a command; it is started again after an end, unless it never answered. */
export class Run implements ErrorHandler {
  private process: ChildProcess | undefined;
  private ends = 0;
  private hasAnswered = false;
  private isWanted = true;

  constructor(
    private readonly command: string,
    private readonly tell: (line: string) => void,
  ) {}

  /** Starts the process, without a shell. */
  readonly spawn = async (): Promise<ChildProcess> => {
    const trust = vscode.workspace.isTrusted ? [] : ['--untrusted'];
    this.process = spawn(this.command, ['lsp', ...trust], { stdio: 'pipe' });
    try {
      await once(this.process, 'spawn');
    } catch (error) {
      // such as a script whose interpreter is gone, because its environment was moved
      throw new Error(`\`${this.command}\` cannot be run: ${(error as Error).message}`);
    }
    this.process.on('error', (error) => this.tell(`the language server: ${error.message}`));
    return this.process;
  };

  /** The server has said what it can. */
  answered(): void {
    this.hasAnswered = true;
  }

  /** It shall not be started again. */
  end(): void {
    this.isWanted = false;
  }

  kill(): void {
    this.process?.kill();
  }

  error(): { action: ErrorAction } {
    return { action: ErrorAction.Continue };
  }

  closed(): CloseHandlerResult {
    this.ends += 1;
    if (!this.isWanted) return { action: CloseAction.DoNotRestart, handled: true };
    if (this.hasAnswered && this.ends <= MOST) return { action: CloseAction.Restart, handled: true };
    return { action: CloseAction.DoNotRestart, message: this.hasAnswered ? LOST : SILENT };
  }
}
