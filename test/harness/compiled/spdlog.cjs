// Stands in for @vscode/spdlog: writes each line to the log file that VS Code names.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'off'];

class Logger {
  constructor(file) {
    mkdirSync(dirname(file), { recursive: true });
    this.file = file;
    this.level = levels.indexOf('info');
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  clearFormatters() {}
  flush() {}
  flushOn() {}
  drop() {}
}
for (const [level, name] of levels.slice(0, -1).entries()) {
  Logger.prototype[name] = function (message) {
    if (level >= this.level) appendFileSync(this.file, `${message}\n`);
  };
}

const create = async (_name, file) => new Logger(file);

// One by one, because VS Code imports them by name.
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
