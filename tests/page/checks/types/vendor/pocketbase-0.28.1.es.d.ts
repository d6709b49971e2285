export * from 'pocketbase';
export { default } from 'pocketbase';
