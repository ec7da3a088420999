// A part of the screen that is fetched when it is first needed. When it cannot be fetched, that is said.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/text';

export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => preact.JSX.Element {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [state, setState] = useState<'waiting' | 'loaded' | 'failed'>(loaded ? 'loaded' : 'waiting');
    useEffect(() => {
      // Another one may have fetched it since this one was drawn.
      if (loaded) return setState('loaded');
      load().then(
        (part) => {
          loaded = part;
          setState('loaded');
        },
        () => setState('failed'),
      );
    }, []);
    const Part = loaded;
    if (Part && state === 'loaded') return <Part {...props} />;
    return state === 'failed' ? <p class="warning" role="alert">{t('app.part_failed')}</p> : <p role="status">{t('place.working')}</p>;
  };
}
