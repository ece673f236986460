import { createElement, useEffect, useRef } from "react";
import "./element.js";

/** `<tim-bao>` with its attributes as properties and its events as functions. */
export function TimBao({ onOpen, onSearch, onError, children, ...attributes }) {
  const element = useRef(null);
  useEffect(() => {
    const told = Object.entries({ open: onOpen, search: onSearch, error: onError });
    const heard = told.filter(([, listener]) => listener);
    const { current } = element;
    for (const [name, listener] of heard) current.addEventListener(`tim-bao:${name}`, listener);
    return () => {
      for (const [name, listener] of heard) current.removeEventListener(`tim-bao:${name}`, listener);
    };
  }, [onOpen, onSearch, onError]);
  const given = Object.entries(attributes)
    .filter(([, value]) => value != null && value !== false)
    .map(([name, value]) => [name, value === true ? "" : value]);
  return createElement("tim-bao", { ...Object.fromEntries(given), ref: element }, children);
}
