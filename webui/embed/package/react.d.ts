import type { ReactElement, ReactNode } from "react";
import type { TimBaoAttributes, TimBaoEvents } from "./element.js";

export interface TimBaoProperties extends TimBaoAttributes {
  className?: string;
  id?: string;
  onOpen?: (event: TimBaoEvents["tim-bao:open"]) => void;
  onSearch?: (event: TimBaoEvents["tim-bao:search"]) => void;
  onError?: (event: TimBaoEvents["tim-bao:error"]) => void;
  /** What stands there until the element is defined. */
  children?: ReactNode;
}

export function TimBao(properties: TimBaoProperties): ReactElement;
