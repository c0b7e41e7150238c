import '@prospect-live/widgets/define';
import { hydrateRoot } from 'react-dom/client';
import { App, type PageProps } from './app.tsx';

const root = document.getElementById('app');
const props = document.getElementById('props');
if (root && props) hydrateRoot(root, <App {...(JSON.parse(props.textContent) as PageProps)} />);
