// Pages and pictures that `anim` makes: the explanation of a code or a name, and the curves of a film.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { isAllowed, isSavedAt, nameOf, output } from './running';
import { argumentsOf, topic } from './words';

const SCHEME = 'anim-explain';

/** The pages of `anim explain`, read-only. */
export class Pages implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();

  static register(): vscode.Disposable {
    const pages = new Pages();
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, pages),
      vscode.commands.registerCommand('anim.explainHere', (name?: unknown) =>
        pages.show(typeof name === 'string' ? topic([name], name) : atCursor()),
      ),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  private async show(name: string | undefined): Promise<void> {
    if (name === undefined) {
      void vscode.window.showInformationMessage('Put the cursor on a name or on an underlined mistake.');
      return;
    }
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `${name}.txt` });
    try {
      this.texts.set(uri.path, await output(['explain', name]));
    } catch (error) {
      void vscode.window.showInformationMessage((error as Error).message);
      return;
    }
    const options = { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside };
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), options);
  }
}

function atCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const at = editor.selection.active;
  const codes = vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter((found) => found.range.contains(at))
    .map(({ code }) => String(typeof code === 'object' ? code.value : (code ?? '')));
  const word = editor.document.getWordRangeAtPosition(at);
  return topic(codes, word && editor.document.getText(word));
}

/** Draws the curves of the active film and opens the picture beside it. */
export class Plots implements vscode.Disposable {
  private folder: Promise<string> | undefined;

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.commands.registerCommand('anim.plotFilm', (film?: unknown, scene?: unknown) =>
        this.show(film instanceof vscode.Uri ? film : undefined, typeof scene === 'string' ? scene : undefined),
      ),
      this,
    );
  }

  private async show(given: vscode.Uri | undefined, scene: string | undefined): Promise<void> {
    const film = given ?? vscode.window.activeTextEditor?.document.uri;
    if (film === undefined || !isAllowed() || !(await isSavedAt(film))) return;
    this.folder ??= mkdtemp(path.join(tmpdir(), 'anim-'));
    const picture = path.join(await this.folder, `${path.basename(film.fsPath, '.anim')}${scene ? `-${scene}` : ''}-curves.png`);
    const progress = { location: vscode.ProgressLocation.Window, title: 'anim: drawing the curves' };
    try {
      await vscode.window.withProgress(progress, () =>
        output([...argumentsOf('plot', nameOf(film), scene), '--output', picture], film),
      );
    } catch (error) {
      void vscode.window.showErrorMessage((error as Error).message);
      return;
    }
    const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true };
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(picture), options);
  }

  dispose(): void {
    void this.folder?.then((folder) => rm(folder, { recursive: true, force: true }));
  }
}
