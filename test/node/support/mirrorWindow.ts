/**
 * What a window does with an account whose contacts are kept on this machine, as a process that can be killed: it starts
 * the mirror's server, keeps step, and does what its parent asks over their channel.
 */
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LocalMirror } from '../../../src/api/mirror/localMirror.ts';
import { MirroredContactService } from '../../../src/api/mirror/mirroredContactService.ts';
import { MirrorService } from '../../../src/api/mirror/mirrorService.ts';
import type { SyncPace } from '../../../src/api/mirror/syncState.ts';
import { serverModule } from '../../harness/paths.ts';
import type { WindowAnswer, WindowCall } from './mirrorWindows.ts';

const [data = '', origin = '', key = '', pace = '{}'] = process.argv.slice(2);

const server = fork(serverModule, ['--data', data, '--port', '0', '--mirror'], {
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
const { stdout } = server;
if (stdout === null) throw new Error('The server has no output');
const line = await new Promise<string>((resolve) => createInterface({ input: stdout }).once('line', resolve));
const access = JSON.parse(line) as { url: string; token: string };
const service = new MirroredContactService({ origin, credential: { value: key } });
const mirror = new LocalMirror({
  source: service,
  access,
  holder: String(process.pid),
  pace: JSON.parse(pace) as Partial<SyncPace>,
  onState: () => undefined,
  onChange: () => undefined,
  onFault: () => undefined,
});
service.useMirror(mirror);
const calls = new MirrorService({ origin: access.url, credential: { value: access.token } });

const answers: { [Name in keyof WindowCall]: (call: WindowCall[Name]) => Promise<unknown> } = {
  state: () => calls.state(),
  access: async () => access,
  look: () => mirror.look(0),
  update: ({ id, changes }) => service.update(id, changes),
  create: (changes) => service.create(changes),
  delete: ({ id }) => service.delete(id),
  get: ({ id }) => service.get(id, { mayBeKept: true }),
  search: ({ q }) => service.search({ q, limit: 50 }),
  list: ({ skip }) => service.list({ limit: 500, skip }),
  loseMirror: () => mirror.dispose(),
  close: async () => {
    await mirror.dispose();
    service.dispose();
    server.disconnect();
  },
};

process.on('message', (message: { number: number; name: keyof WindowCall; call: never }) => {
  const { number, name, call } = message;
  answers[name](call).then(
    (result) => process.send?.({ number, result } satisfies WindowAnswer),
    (error: unknown) =>
      process.send?.({ number, fault: (error as { kind?: string }).kind ?? String(error) } satisfies WindowAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ number: 0, serverPid: server.pid } satisfies WindowAnswer);
