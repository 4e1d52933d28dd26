// A PostgreSQL server for one run of the tests: Debian's package, a data folder of its own, a
// free port on loopback, nothing written to the disk for good.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveUp, output } from "./lib.mjs";

/** The folder of initdb and postgres: of Debian's newest, or where pg_config says. */
function programs() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(debian, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
  return found ?? output("pg_config", ["--bindir"])?.trim() ?? giveUp("PostgreSQL's initdb is not there.");
}

/** A port that nobody listens on at this moment. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a server: its URL, and how it is stopped. */
export async function startPostgres() {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), "clinicue-postgres-"));
  const data = join(folder, "data");
  // PostgreSQL does not run as root; the package made this account.
  const asOther = process.getuid?.() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
  if (asOther.length > 0) spawnSync("chown", ["postgres", folder]);
  chmodSync(folder, 0o700);
  const made = [...asOther, join(bin, "initdb"), "-D", data, "-U", "clinicue", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"];
  const { status, stderr } = spawnSync(made[0], made.slice(1), { cwd: folder, encoding: "utf8" });
  if (status !== 0) giveUp(`initdb failed (${status}): ${stderr}`);
  const port = await freePort();
  const settings = ["fsync=off", "full_page_writes=off", "max_connections=300", "listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`];
  const server = [join(bin, "postgres"), "-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const command = [...asOther, ...server];
  const child = spawn(command[0], command.slice(1), { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let said = "";
  child.stderr.setEncoding("utf8");
  await new Promise((resolve) => {
    child.stderr.on("data", (part) => {
      said = (said + part).slice(-4000);
      if (said.includes("ready to accept connections")) resolve();
    });
    ended.then(resolve);
  });
  if (child.exitCode !== null) giveUp(`PostgreSQL did not start: ${said}`);
  const stop = async () => {
    // By its own number: runuser passes a signal on only when its own session ends.
    const pid = output("head", ["-n", "1", join(data, "postmaster.pid")])?.trim();
    if (pid) process.kill(Number(pid), "SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgres://clinicue@127.0.0.1:${port}/postgres`, stop };
}
