/**
 * A stand-in for the hosted gateway, as a process of its own: prints one line of JSON when it is ready, takes its behavior and
 * gives its logs over the channel to its parent, and stops on SIGTERM.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { gatewayApp, standInKey, type GatewayRequest } from './gatewayApp.ts';
import { GatewayWorld } from './gatewayWorld.ts';
import { startMediaOrigin } from './mediaOrigin.ts';
import { defaultBehavior, type GatewayBehavior } from './gatewayBehavior.ts';

const { values } = parseArgs({
  options: { 'media-host': { type: 'string', default: '127.0.0.1' }, contacts: { type: 'string' } },
});
const media = await startMediaOrigin(values['media-host']);
const world = new GatewayWorld(
  Date.now(),
  media.avatarUrls,
  media.files,
  values.contacts === undefined ? undefined : Number(values.contacts),
);
const behavior: GatewayBehavior = { ...defaultBehavior };
const requests: GatewayRequest[] = [];
const app = gatewayApp({ world, media, behavior, requests });
const answer = getRequestListener(app.fetch);
const server = createServer((request, response) => {
  if (behavior.isUnreachable) request.socket.destroy();
  else void answer(request, response);
});

process.on('message', (message: { behavior?: Partial<GatewayBehavior> }) => {
  Object.assign(behavior, message.behavior);
  process.send?.({ requests, media: media.requests, ledger: world.ledger });
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  console.log(JSON.stringify({ url, media: media.origin, key: standInKey }));
});
