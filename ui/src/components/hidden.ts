// Whether what is known of patients is hidden: somebody else may see the screen.

import { createContext, useContext } from "react";

export const HiddenContext = createContext(false);

export const useHidden = () => useContext(HiddenContext);
