export { HIDES_TEXT, hidesText } from '@gatebook/protocol';
