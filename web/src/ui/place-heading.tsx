// The position a panel is about, to be read out or copied.
import { useState } from 'preact/hooks';
import { position } from '../i18n/quantity';
import { t } from '../i18n/text';
import type { Place } from '../state/viewport';
import { copyText } from './copy-text';

export function PlaceHeading({ at }: { at: Place }) {
  const text = position(at.lon, at.lat);
  return (
    <p class="place">
      <span class="visually-hidden">{t('place.position')}: </span>
      <strong class="coordinates">{text}</strong>
      <CopyButton text={text} label={t('place.copy')} />
    </p>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState('');
  const copy = () => void copyText(text).then((isCopied) => isCopied && setCopied(text));
  return (
    <button type="button" class="small-button" onClick={copy}>
      <span aria-live="polite">{copied === text ? t('place.copied') : label}</span>
    </button>
  );
}
