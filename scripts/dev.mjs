// `npm run dev`: the UI with hot reload, before a practice server of its own.

import { join } from "node:path";
import { buildServer, giveUp, needNodeModules, needPackages, needRust, root, say, SERVER_PACKAGES, tryBuildServer } from "./lib.mjs";
import { startServer } from "./server.mjs";

// In the clone, so that two clones do not meet; delete it to begin anew.
const data = join(root, ".dev-data", "server");

let server;
let stopping = false;

/** Starts the practice server, which ends everything when it ends by itself. */
async function begin(program, listen) {
  server = await startServer(program, data, listen, console.error).catch((error) =>
    giveUp(`The practice server did not start: ${error.message}. What it said stands above.`),
  );
  const { ended } = server;
  ended.then((code) => stopping || giveUp(`The practice server ended (${code}). What it said stands above.`));
}

/** Builds the server anew and puts it in the place of the running one, on the same port. */
async function again(vite) {
  const program = tryBuildServer();
  if (program === null) return say("The old server runs on");
  stopping = true;
  await server.stop();
  stopping = false;
  await begin(program, new URL(server.base).host);
  tell(vite);
}

/** Says where the page is; the link leads through Vite, so that the session belongs to its port. */
function tell(vite) {
  const { pathname, search } = new URL(server.link);
  say("Messages go to the practice phones. Open this link once to sign in:");
  console.log(`  ${new URL(pathname + search, vite.resolvedUrls.local[0])}`);
  console.log("\nA change of the UI shows at once. After a change of the server: s and Enter.");
}

/** Vite, with all that is not the UI's handed to the server. */
async function startVite(base) {
  const { createServer } = await import("vite");
  // The server takes calls of its own origin only.
  const proxy = { target: base, changeOrigin: true, headers: { origin: base } };
  // Those with one letter by their slash: screens begin with it, too.
  const paths = ["/api", "/webhook", "/healthz", "/metrics", "^/[mu]/"];
  const vite = await createServer({
    configFile: join(root, "ui", "vite.config.ts"),
    server: { strictPort: false, proxy: Object.fromEntries(paths.map((path) => [path, proxy])) },
  });
  await vite.listen();
  const restart = { key: "s", description: "build the server anew and restart it", action: again };
  vite.bindCLIShortcuts({ print: true, customShortcuts: [restart] });
  return vite;
}

needRust();
needPackages(SERVER_PACKAGES);
needNodeModules();
await begin(buildServer(), "127.0.0.1:0");
const vite = await startVite(server.base);
tell(vite);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    stopping = true;
    process.exit((await server.stop()) ?? 1);
  });
}
// Vite ends this process by itself, too: at SIGTERM, and when its input ends.
process.once("exit", () => server.stop());
