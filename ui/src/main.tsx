import "@fontsource-variable/noto-sans-thai";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/styles";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { router } from "./app/router";
import { keepShell } from "./app/worker";
import { chooseLocale, firstLocale } from "./i18n";
import { followSignInLink } from "./lib/transport";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
// The words come before the first picture, so that nothing flickers.
await Promise.all([chooseLocale(firstLocale()), followSignInLink()]);
createRoot(root).render(
  <StrictMode>
    <App router={router} />
  </StrictMode>,
);
keepShell();
