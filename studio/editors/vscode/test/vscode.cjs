// What the extension's wiring touches of VS Code, and a record of what it did: nothing below the border is
// stood in for. `commands`, `shown`, `tasks` and `status` are what tests look at.
'use strict';

const { EventEmitter } = require('node:events');

const record = { commands: new Map(), shown: [], tasks: [], status: [], documents: [], executed: [] };
const window_ = {};
const disposable = (dispose = () => {}) => ({ dispose });
const emitter = new EventEmitter();

class Disposable {
  constructor(dispose) {
    this.dispose = dispose;
  }
  static from(...all) {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
}

class Uri {
  constructor(scheme, path) {
    Object.assign(this, { scheme, path, fsPath: path });
  }
  static file(path) {
    return new Uri('file', path);
  }
  static from({ scheme, path }) {
    return new Uri(scheme, path);
  }
  static parse(text) {
    const [, scheme, path] = /^([\w-]+):(?:\/\/)?(.*)$/.exec(text);
    return new Uri(scheme, path);
  }
  toString() {
    return `${this.scheme}://${this.path}`;
  }
}

class Task {
  constructor(definition, scope, name, source, execution, matcher) {
    Object.assign(this, { definition, scope, name, source, execution, matcher });
  }
}

class ProcessExecution {
  constructor(process, args, options) {
    Object.assign(this, { process, args, options });
  }
}

const settings = {};
const workspace = {
  isTrusted: true,
  workspaceFolders: [],
  textDocuments: [],
  getConfiguration: () => ({ get: (name, fallback) => settings[name] ?? fallback }),
  getWorkspaceFolder: () => workspace.workspaceFolders[0],
  registerTextDocumentContentProvider: (scheme, provider) => {
    record.provider = provider;
    return disposable();
  },
  openTextDocument: async (uri) => ({ uri, text: record.provider.provideTextDocumentContent(uri) }),
  onDidGrantWorkspaceTrust: (listener) => emitter.on('trust', listener) && disposable(),
  onDidChangeConfiguration: (listener) => emitter.on('configuration', listener) && disposable(),
};

const status = {};
Object.assign(window_, {
  activeTextEditor: undefined,
  createOutputChannel: () => ({ ...disposable(), appendLine: (line) => record.shown.push(line), show() {} }),
  createStatusBarItem: () =>
    Object.assign(status, { ...disposable(), show: () => record.status.push({ text: status.text, command: status.command }) }),
  showErrorMessage: async (text) => void record.shown.push(text),
  showInformationMessage: async (text) => void record.shown.push(text),
  showTextDocument: async (document) => void record.documents.push(document),
  withProgress: (_options, work) => work(),
});

module.exports = {
  record,
  settings,
  emitter,
  Disposable,
  Uri,
  Task,
  ProcessExecution,
  workspace,
  window: window_,
  commands: {
    registerCommand: (name, run) => {
      if (record.commands.has(name)) throw new Error(`command '${name}' already exists`);
      record.commands.set(name, run);
      return disposable(() => record.commands.delete(name));
    },
    executeCommand: async (name, ...words) => {
      record.executed.push([name, ...words]);
      return record.commands.get(name)?.(...words);
    },
  },
  tasks: {
    executeTask: async (task) => void record.tasks.push(task),
    registerTaskProvider: (type, provider) => {
      record.taskProvider = provider;
      return disposable();
    },
  },
  languages: { getDiagnostics: () => record.diagnostics ?? [] },
  extensions: { getExtension: () => undefined },
  StatusBarAlignment: { Left: 1, Right: 2 },
  ProgressLocation: { Window: 10 },
  ViewColumn: { Beside: -2 },
  TaskScope: { Workspace: 2 },
  TaskRevealKind: { Always: 1 },
  TaskPanelKind: { Shared: 1, Dedicated: 2 },
};
