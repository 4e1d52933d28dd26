// What the program's own window has and a browser has not: the words of the tray, the question
// when it is closed, and the keys that a browser has by itself.

import { Closing } from "./Closing";
import { useTrayWords } from "./tray";
import { useWindowKeys } from "./windowKeys";

export function InWindow() {
  useTrayWords();
  useWindowKeys();
  return <Closing />;
}
