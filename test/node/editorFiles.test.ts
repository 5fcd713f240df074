import assert from 'node:assert/strict';
import { spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../harness/paths.ts';
import { exitOf, poll, spawnGroup, stopTree } from '../harness/processes.ts';
import { temporaryDirectory } from './support/app.ts';

interface Task {
  label: string;
  type: string;
  script?: string;
  command?: string;
  args?: string[];
  dependsOn?: string;
  problemMatcher: { background?: { endsPattern: string } };
}
interface Launch {
  configurations: { name: string; preLaunchTask?: string }[];
  inputs: { id: string }[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(projectRoot, path), 'utf8'));

/** Of a bundle, the place in the source that the map beside it gives for where `text` stands. */
function sourceOf(bundle: string, text: string): { file: string; line: string } {
  const lines = readFileSync(bundle, 'utf8').split('\n');
  const row = lines.findIndex((line) => line.includes(text));
  const map = JSON.parse(readFileSync(`${bundle}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0];
  const entry = new SourceMap(map).findEntry(row, lines[row]?.indexOf(text) ?? 0);
  assert.ok('originalSource' in entry, `${text} in ${bundle}`);
  const file = resolve(dirname(bundle), entry.originalSource);
  return { file, line: readFileSync(file, 'utf8').split('\n')[entry.originalLine] ?? '' };
}

describe('.vscode, which F5 goes by', () => {
  const { tasks } = read('.vscode/tasks.json') as { tasks: Task[] };
  const launch = read('.vscode/launch.json') as Launch;
  const { scripts } = read('package.json') as { scripts: Record<string, string> };
  let copy: string;
  const running: ChildProcess[] = [];
  const taskOf = (label: string): Task => {
    const found = tasks.find((task) => task.label === label);
    assert.ok(found, label);
    return found;
  };

  // The tasks build into a copy: other tests are reading what is built here.
  before(() => {
    copy = temporaryDirectory();
    const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    for (const file of stdout.split('\0')) {
      if (file !== '' && existsSync(join(projectRoot, file))) cpSync(join(projectRoot, file), join(copy, file));
    }
    symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  });
  after(async () => {
    await Promise.all(running.map(stopTree));
    rmSync(copy, { recursive: true, force: true });
  });

  /** Starts a task as VS Code does. */
  function start({ type, script, command, args = [] }: Task): ChildProcess {
    assert.ok(type === 'npm' || type === 'process', type);
    const [program, parameters] = type === 'npm' ? ['npm', ['run', script ?? '']] : [command ?? '', args];
    const child = spawnGroup(program.replace('${workspaceFolder}', copy), parameters, {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    return child;
  }

  it('names only tasks, scripts and questions that there are', () => {
    for (const { name, preLaunchTask } of launch.configurations) {
      if (preLaunchTask !== undefined) assert.ok(taskOf(preLaunchTask), name);
    }
    for (const { label, type, script, dependsOn } of tasks) {
      if (type === 'npm') assert.ok(scripts[script ?? ''], label);
      if (dependsOn !== undefined) taskOf(dependsOn);
    }
    const asked = [...JSON.stringify(launch.configurations).matchAll(/\$\{input:(\w+)\}/g)].map(([, id]) => id);
    assert.deepEqual(asked.toSorted(), launch.inputs.map(({ id }) => id).toSorted());
  });

  it('has tasks that do their work, after which every file that is named is there', async () => {
    assert.equal(await exitOf(start(taskOf('build'))), 0);
    assert.equal(await exitOf(start(taskOf('build with host tests'))), 0);
    const named = [...JSON.stringify([launch, tasks]).matchAll(/\$\{workspaceFolder\}\/([^"*]+)/g)].map(
      ([, path]) => path ?? '',
    );
    assert.ok(named.length > 10);
    // Made by the server that is started.
    for (const path of named.filter((each) => each !== 'contact-data')) assert.ok(existsSync(join(copy, path)), path);
    const patterns = [...JSON.stringify(launch).matchAll(/\$\{workspaceFolder\}\/([^"]*\*[^"]*)/g)];
    for (const [, pattern = ''] of patterns) assert.ok(globSync(pattern, { cwd: copy }).length > 0, pattern);
  });

  it('leads a breakpoint from a bundle to its line of TypeScript', () => {
    const text = 'This contact has no link.';
    const bundles = globSync('dist/**/*.js', { cwd: copy }).map((file) => join(copy, file));
    const bundleWith = (words: string): string =>
      bundles.find((file) => readFileSync(file, 'utf8').includes(words)) ?? '';
    const { file, line } = sourceOf(bundleWith(text), text);
    assert.equal(file, join(copy, 'src', 'lookup', 'deepLinks.ts'));
    assert.ok(line.includes(text), line);
    const ofServer = 'The target must be a path';
    const server = sourceOf(bundleWith(ofServer), ofServer);
    assert.ok(server.file.startsWith(join(copy, 'src', 'server')), server.file);
  });

  it('leads a frame of an error there too', () => {
    const api = pathToFileURL(join(copy, 'dist', 'api.mjs')).href;
    const script = `import { ContactService } from ${JSON.stringify(api)};
      try { new ContactService({ origin: 'https://contacts.example', credential: {} }); } catch (error) { console.log(error.stack); }`;
    const { stdout } = spawnSync(process.execPath, ['--enable-source-maps', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    const [, file = '', row = ''] = /\(?((?:file:\/\/)?\/\S+\.ts):(\d+):\d+/.exec(stdout) ?? [];
    assert.match(file, /src\/api\/credential\.ts$/, stdout);
    const source = readFileSync(join(copy, 'src', 'api', 'credential.ts'), 'utf8').split('\n');
    assert.match(source[Number(row) - 1] ?? '', /startsWith/);
  });

  it('builds again what changes, once the task says that it watches', async () => {
    const watch = taskOf('watch');
    const child = start(watch);
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const ends = new RegExp(watch.problemMatcher.background?.endsPattern ?? '', 'm');
    await poll('the first build', 120_000, () => ends.test(said));
    const file = join(copy, 'src', 'lookup', 'deepLinks.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('This contact has no link.', 'Nowhere to go.'));
    // A file of the build before may go while it is looked at.
    const isBuilt = (name: string): boolean =>
      existsSync(join(copy, name)) && readFileSync(join(copy, name), 'utf8').includes('Nowhere to go.');
    await poll('the second build', 120_000, () => {
      try {
        return globSync('dist/**/*.js', { cwd: copy }).some(isBuilt);
      } catch {
        return false;
      }
    });
  });
});
