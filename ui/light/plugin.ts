// Keeps out of the build what Mantine brings along for one line, or for what no screen has. A
// module that many share lies in one file whole: for a single function of the library that places
// menus each start would read all of it.

import type { Plugin } from "vite";

const RESIZE = "../AppShellResizeHandle/AppShellResizeHandle.mjs";

type Instead = { of: string; asked: string; names: string; given: string };

/** A part of a component that no screen asks it for. */
const without = (of: string, asked: string): Instead => {
  const names = asked.slice(asked.lastIndexOf("/") + 1, -".mjs".length);
  return { of, asked, names, given: `export const ${names} = undefined;` };
};

/** Mantine's frame wears one class of the library that keeps a page still behind a dialog. */
const classOnly = (of: string): Instead => ({
  of,
  asked: "react-remove-scroll",
  names: "RemoveScroll",
  given: `import { zeroRightClassName } from "react-remove-scroll-bar/constants";
export const RemoveScroll = { classNames: { zeroRight: zeroRightClassName } };`,
});

/** What a file of Mantine's asks for, by which names, and what it is given instead. */
export const INSTEAD: Instead[] = [
  {
    of: "/ScrollArea/ScrollArea.mjs",
    asked: "@floating-ui/react",
    names: "useMergeRefs",
    given: `import { useMergedRef } from "@mantine/hooks";
export const useMergeRefs = (refs) => useMergedRef(...refs);`,
  },
  // Tables scroll in the kit's own box and have their rows from it; these bring the drawn scroll
  // bars, and rows from lists of texts.
  without("/Table/Table.mjs", "./TableScrollContainer.mjs"),
  without("/Table/Table.mjs", "./TableDataRenderer.mjs"),
  // The frame has no foot, and nobody drags its edges.
  classOnly("/AppShell/AppShellHeader/AppShellHeader.mjs"),
  classOnly("/AppShell/AppShellAside/AppShellAside.mjs"),
  without("/AppShell/AppShellHeader/AppShellHeader.mjs", RESIZE),
  without("/AppShell/AppShellNavbar/AppShellNavbar.mjs", RESIZE),
  without("/AppShell/AppShellAside/AppShellAside.mjs", RESIZE),
  without("/AppShell/AppShell.mjs", "./AppShellFooter/AppShellFooter.mjs"),
  without("/AppShell/AppShell.mjs", "./AppShellSection/AppShellSection.mjs"),
  {
    of: "/AppShell/AppShellMediaStyles/get-variables/get-variables.mjs",
    asked: "../assign-footer-variables/assign-footer-variables.mjs",
    names: "assignFooterVariables",
    given: "export const assignFooterVariables = () => {};",
  },
  // No link of the menu unfolds.
  without("/NavLink/NavLink.mjs", "../Accordion/AccordionChevron.mjs"),
  without("/NavLink/NavLink.mjs", "../Collapse/Collapse.mjs"),
  // A wait is shown by the ring alone.
  without("/Loader/Loader.mjs", "./loaders/Bars.mjs"),
  without("/Loader/Loader.mjs", "./loaders/Dots.mjs"),
  // No buttons in a row that share their edges.
  without("/Button/Button.mjs", "./ButtonGroup/ButtonGroup.mjs"),
  without("/Button/Button.mjs", "./ButtonGroupSection/ButtonGroupSection.mjs"),
  without("/ActionIcon/ActionIcon.mjs", "./ActionIconGroup/ActionIconGroup.mjs"),
  without("/ActionIcon/ActionIcon.mjs", "./ActionIconGroupSection/ActionIconGroupSection.mjs"),
  // Boxes to tick stand alone: no groups of them, and none drawn as a card or as a mark only.
  {
    of: "/Checkbox/Checkbox.mjs",
    asked: "./CheckboxGroup/CheckboxGroup.mjs",
    names: "CheckboxGroup, CheckboxGroupContext",
    given: `import { createContext } from "react";
export const CheckboxGroup = undefined;
export const CheckboxGroupContext = createContext(null);`,
  },
  without("/Checkbox/Checkbox.mjs", "./CheckboxCard/CheckboxCard.mjs"),
  without("/Checkbox/Checkbox.mjs", "./CheckboxIndicator/CheckboxIndicator.mjs"),
  // Nothing outside a form writes into it, and none is watched field by field.
  {
    of: "/form/esm/use-form.mjs",
    asked: "./actions/actions.mjs",
    names: "useFormActions",
    given: "export const useFormActions = () => {};",
  },
  {
    of: "/form/esm/use-form.mjs",
    asked: "./hooks/use-form-watch/use-form-watch.mjs",
    names: "useFormWatch",
    given: `const watch = { getFieldSubscribers: () => [], notifyWatchSubscribers: () => {} };
export const useFormWatch = () => watch;`,
  },
];

const PREFIX = "\0light:";

export const light = (): Plugin => ({
  name: "light",
  apply: "build",
  enforce: "pre",
  resolveId(source, importer = "") {
    const n = INSTEAD.findIndex(({ of, asked }) => asked === source && importer.endsWith(of));
    return n < 0 ? undefined : `${PREFIX}${n}`;
  },
  load: (id) => (id.startsWith(PREFIX) ? INSTEAD[Number(id.slice(PREFIX.length))]?.given : undefined),
});
