// The styles that every start has. A rule may take back what one before it says: the page comes
// first, what is printed after what it hides, and the frame last.

import "./page.css";
import "./words.css";
import "./patient.css";
import "./chat.css";
import "./figures.css";
import "./tables.css";
import "./phone.css";
import "./plan.css";
import "./ruler.css";
import "./savebar.css";
import "./print.css";
import "./menu.css";
import "./frame.css";
