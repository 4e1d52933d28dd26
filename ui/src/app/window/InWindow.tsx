// What the program's own window has and a browser has not: the words of the tray and the menu bar, the question
// when it is closed, and the keys that a browser has by itself.

import { Closing } from "./Closing";
import { useMenuBar } from "./menuBar";
import { useTrayWords } from "./tray";
import { useWindowKeys } from "./windowKeys";

export function InWindow({ showKeys }: { showKeys: () => void }) {
  useTrayWords();
  useMenuBar(showKeys);
  useWindowKeys();
  return <Closing />;
}
