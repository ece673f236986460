import type { DefineComponent } from "vue";
import type { TimBaoAttributes, TimBaoEvents } from "./element.js";

export const TimBao: DefineComponent<
  TimBaoAttributes & {
    onOpen?: (event: TimBaoEvents["tim-bao:open"]) => void;
    onSearch?: (event: TimBaoEvents["tim-bao:search"]) => void;
    onError?: (event: TimBaoEvents["tim-bao:error"]) => void;
  }
>;
