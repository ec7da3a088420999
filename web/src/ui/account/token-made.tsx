// A new token, shown once, and how other programs use it.
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/account-text';
import { CopyButton } from '../place-heading';
import { examplesFor } from './token-examples';

export function TokenMade({ token, onDone }: { token: string; onDone: () => void }) {
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="made" data-testid="token-made">
      <p class="warning" tabIndex={-1} ref={heading}>
        {t('tokens.made')}
      </p>
      <p class="secret">
        <code data-testid="token">{token}</code> <CopyButton text={token} label={t('tokens.copy')} />
      </p>
      <h4>{t('tokens.examples')}</h4>
      <Examples token={token} />
      <button type="button" class="button" onClick={onDone}>
        {t('tokens.done')}
      </button>
    </section>
  );
}

function Examples({ token }: { token: string }) {
  const { qgis, ogrinfo, curl } = examplesFor(location.origin, token);
  return (
    <>
      <h5>QGIS</h5>
      <p>{t('tokens.qgis')}</p>
      <Example program="QGIS" text={qgis} />
      <p>{t('tokens.qgis_login')}</p>
      <h5>ogrinfo, ogr2ogr</h5>
      <p>{t('tokens.gdal')}</p>
      <Example program="ogrinfo" text={ogrinfo} />
      <h5>curl</h5>
      <Example program="curl" text={curl} />
    </>
  );
}

function Example({ program, text }: { program: string; text: string }) {
  return (
    <div class="example">
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} label={t('tokens.copy_example', { program })} />
    </div>
  );
}
