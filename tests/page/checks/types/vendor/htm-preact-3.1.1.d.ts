// What the vendored file holds, by the types of the packages that it is made of.
export { h, html, render, Component } from 'htm/preact';
export * from 'preact/hooks';
