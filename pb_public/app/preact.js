// The one place that knows which file Preact and htm live in.
export {
  h, html, render, Component,
  useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback,
} from '../vendor/htm-preact-3.1.1.js';
