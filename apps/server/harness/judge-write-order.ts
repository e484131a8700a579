/**
 * What is wrong with the order of system calls around one view, from the lines of `strace -f -yy`: nothing where the
 * fact's bytes went to the log's write-ahead file, that file was flushed, and the answer's bytes left after that.
 */
export function judgeWriteOrder(lines: readonly string[], record: string): string[] {
  const written = lines.findIndex((line) => /pwrite64\(\d+<[^>]*log\.db-wal>/.test(line) && line.includes(record));
  const answered = lines.findIndex(
    (line) => /(writev?|sendto|sendmsg)\(\d+<TCP/.test(line) && line.includes('\\"decision\\":true'),
  );
  if (written < 0) return ['the fact was not written to the log'];
  if (answered < 0) return ['the answer was not seen'];
  if (answered < written) return ['the answer left before the fact was written'];
  const flushed = lines
    .slice(written, answered)
    .some((line) => /f(data)?sync\(\d+<[^>]*log\.db-wal>\)\s+= 0/.test(line));
  return flushed ? [] : ['the log was not flushed between the write and the answer'];
}
