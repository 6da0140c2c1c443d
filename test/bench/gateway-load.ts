import { performance } from 'node:perf_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { createGateway } from '../../cti-gateway/src/gateway';
import { systemClock } from '../../cti-gateway/src/adapters/clock/system-clock';
import { silentLog } from '../../cti-gateway/src/ports/log';
import { FakePbx } from '../fakes/pbx';
import { FakeCrm } from '../fakes/crm';
import { makeTicket } from '../fakes/crm-tickets';
import { makeConfig, TOKEN } from '../integration/gateway-harness';

/**
 * From the event of a ringing telephone to the frame in the agent's panel, all in one process: 500 agents connected, calls at a
 * steady pace. `node .build/test/bench/gateway-load.js [agents] [calls per second] [seconds]`
 */
async function main(): Promise<void> {
  const [agents = 500, perSecond = 50, seconds = 10] = process.argv.slice(2).map(Number);
  const crm = new FakeCrm(TOKEN);
  await crm.start();
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'hotline-load-'));
  const pbx = new FakePbx(systemClock);
  const gateway = await createGateway({ config: makeConfig({ dataDir, crmUrl: crm.url }), pbx, clock: systemClock, log: silentLog });
  const rangAt = new Map<string, number>();
  const delays: number[] = [];
  const sockets = await Promise.all(
    Array.from({ length: agents }, async (_, index) => {
      const extension = String(2000 + index);
      const ws = new WebSocket(`ws://127.0.0.1:${gateway.port}/cti`, { perMessageDeflate: false });
      await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
      ws.on('message', (data) => {
        const text = (data as Buffer).toString();
        if (!text.includes('"call.offered"')) return;
        const frame = JSON.parse(text) as { data: { call: { callId: string } } };
        delays.push(performance.now() - (rangAt.get(frame.data.call.callId) ?? 0));
      });
      const ticket = makeTicket({ userId: extension, extension }, Date.now());
      ws.send(
        JSON.stringify({ v: 1, type: 'hello', id: `hello-${extension}-x`, data: { protocol: 1, ticket, tab: `tab-${extension}-x` } }),
      );
      return ws;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const cpu = process.cpuUsage();
  const total = perSecond * seconds;
  for (let index = 0; index < total; index += 1) {
    const callId = `c${index}`;
    pbx.callIn({ callId, number: `139${String(10_000_000 + index)}` });
    rangAt.set(callId, performance.now());
    const leg = pbx.ring(callId, String(2000 + (index % agents)));
    setTimeout(() => pbx.answer(callId, leg), 500);
    setTimeout(() => pbx.end(callId, 16, 'peer'), 1_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
  }
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const used = process.cpuUsage(cpu);
  delays.sort((a, b) => a - b);
  const at = (share: number): string => (delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0).toFixed(2);
  console.log(
    JSON.stringify({
      agents,
      perSecond,
      pops: delays.length,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      rows: crm.rows.size,
      cpuMsPerCall: ((used.user + used.system) / 1000 / total).toFixed(2),
      rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    }),
  );
  for (const ws of sockets) ws.terminate();
  await gateway.close();
  await crm.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

void main();
