import { expect, it } from 'vitest';
import { readRightsText } from './rights-text.ts';

it.each([
  'No AI training',
  '© 2025 A. Nother. Not for machine learning of any kind.',
  'Text and data mining is reserved (Art. 4 CDSM).',
  'TDM reserved',
  'Keine Nutzung für KI-Training',
  'Data-Mining untersagt',
  'Fouille de textes et de données interdite',
  "Utilisation pour l'entraînement de modèles interdite",
  'Prohibido el entrenamiento de modelos de inteligencia artificial',
  'Vietato l’uso per intelligenza artificiale',
  'Uso para treinamento de IA proibido',
  'AI学習禁止',
  '禁止用于人工智能训练',
  'AI 학습 금지',
  'NO AI',
])('hears a refusal: %s', (text) => {
  expect(readRightsText(text)).toBe('refused');
});

it.each(['You may train AI models with this.', 'Data mining: ask us', 'Machine learning licence 7'])(
  'leaves to a person what speaks of training otherwise: %s',
  (text) => {
    expect(readRightsText(text)).toBe('mentioned');
  },
);

it.each(['© A. Nother. All rights reserved.', 'Alle Rechte vorbehalten', 'Tous droits réservés'])('knows what is reserved: %s', (text) => {
  expect(readRightsText(text)).toBe('reserved');
});

it.each([
  '',
  '© 2025 A. Nother',
  'CC BY 4.0',
  'Railway training centre, no reuse',
  'Not AI generated',
  'Image made with AI, no commercial use',
  'Kia Ora, Aotearoa',
])('finds nothing where nothing is said: %s', (text) => {
  expect(readRightsText(text)).toBeNull();
});

it('ends soon on any text', () => {
  for (const part of ['train ', 'no ', 'ai ', 'text and data ', '𝔸𝕀 ']) {
    const began = process.cpuUsage().user;
    readRightsText(part.repeat(200_000));
    expect(process.cpuUsage().user - began).toBeLessThan(500_000);
  }
});
