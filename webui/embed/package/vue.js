import { defineComponent, h } from "vue";
import "./element.js";

/** `<tim-bao>` with its attributes as they are and its events as Vue's. */
export const TimBao = defineComponent({
  name: "TimBao",
  inheritAttrs: false,
  emits: ["open", "search", "error"],
  setup(_, { attrs, emit, slots }) {
    const listeners = Object.fromEntries(
      ["open", "search", "error"].map((name) => [
        `on:tim-bao:${name}`,
        (event) => emit(name, event),
      ]),
    );
    const given = () =>
      Object.entries(attrs)
        .filter(([, value]) => value != null && value !== false)
        .map(([name, value]) => [`^${name}`, value === true ? "" : value]);
    return () => h("tim-bao", { ...Object.fromEntries(given()), ...listeners }, slots.default?.());
  },
});
