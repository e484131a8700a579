/** Cores and processor time, as far as the machine tells: Linux with `taskset` does, elsewhere nothing is pinned. */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** The service and its stores share one core, the load generator has the other. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

export const pinned: boolean =
  availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

/** Starts Node on one core (where that can be had). Children of the process stay on it too. */
export function spawnNode(core: number, args: readonly string[], options: SpawnOptions): ChildProcess {
  const command = [process.execPath, ...args];
  if (pinned) command.unshift('taskset', '-c', String(core));
  return spawn(command[0]!, command.slice(1), options);
}

/** Keeps this process's own thread to one core (where that can be had). */
export function stayOn(core: number): void {
  if (pinned) spawnSync('taskset', ['-cp', String(core), String(process.pid)], { stdio: 'ignore' });
}

/** Seconds of processor time, user and system, that a process and all below it have used; NaN where unknown. */
export function processorSeconds(pid: number): number {
  try {
    const below = new Map<number, { id: number; ticks: number }[]>();
    let ticks = Number.NaN;
    for (const entry of readdirSync('/proc')) {
      const stat = /^\d+$/.test(entry) ? readStat(entry) : undefined;
      if (!stat) continue;
      below.set(stat.parent, [...(below.get(stat.parent) ?? []), { id: Number(entry), ticks: stat.ticks }]);
      if (Number(entry) === pid) ticks = stat.ticks;
    }
    const waiting = [pid];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      for (const child of below.get(id) ?? []) {
        ticks += child.ticks;
        waiting.push(child.id);
      }
    }
    return ticks / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** Seconds that all cores together have been busy since the machine came up (proc_stat(5)); NaN where unknown. */
export function machineSeconds(): number {
  try {
    const [user, nice, system, , , interrupts, softInterrupts] = readFileSync('/proc/stat', 'latin1')
      .slice('cpu '.length, 200)
      .trim()
      .split(/\s+/)
      .map(Number);
    return (user! + nice! + system! + interrupts! + softInterrupts!) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** Lets nobody wait for what the one before left to be written. */
export function settleDisk(): void {
  spawnSync('sync', { stdio: 'ignore' });
}

const TICKS_PER_SECOND = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

/** Fields 4 and 14 to 17 of proc_pid_stat(5): own time and that of children already gone. */
function readStat(entry: string): { parent: number; ticks: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${entry}/stat`, 'latin1');
  } catch {
    return undefined; // It ended while we looked.
  }
  // The name in brackets may hold spaces: count from behind it, where field 3 starts.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ticks };
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  readonly pinned: boolean;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    pinned,
  };
}
