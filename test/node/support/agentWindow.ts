/** A window of VS Code, as far as agents' programs see one, in a process of its own that can be killed. */
import { AgentGate } from '../../../src/agents/access/agentGate.ts';

const [, , home = ''] = process.argv;
await AgentGate.open(home, async ({ client, tool }) => ({ result: `${client} ${tool} ${process.pid}` }), console.error);
process.stdout.write('ready\n');
